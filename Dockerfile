# syntax=docker/dockerfile:1
FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/root/.m2 mvn -B -q -pl cli -am -DskipTests package

FROM eclipse-temurin:25-jre
COPY --from=build /src/cli/target/warder/lib /opt/warder/lib
COPY --from=build /src/LICENSE /opt/warder/LICENSE
# Loaded and linked classes of one run, for the JVM to start from.
RUN --mount=type=bind,from=build,source=/src/samples/no-latest-tag,target=/sample \
  java -XX:AOTCacheOutput=/opt/warder/start.aot -XX:+UseSerialGC \
  --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
  -cp "/opt/warder/lib/*" dev.warder.cli.Warder run /sample/policy.wasm \
  --request /sample/requests/accept.json --store /tmp/store && rm -r /tmp/store
USER 65532:65532
EXPOSE 8443 8081
# The launcher of the checkout (warder) tells what the first options are for. The heap leaves room for
# compiled policies and buffers, which live outside of it, and for the process that compiles policies.
ENTRYPOINT ["java", \
  "-XX:-DontCompileHugeMethods", \
  "-XX:-ClipInlining", \
  "-XX:CompileCommand=quiet", \
  "-XX:CompileCommand=dontinline,warder.guest.*::call_indirect_*", \
  "-XX:+UseSerialGC", \
  "-XX:MaxNewSize=48m", \
  "-XX:MinHeapFreeRatio=10", \
  "-XX:MaxHeapFreeRatio=20", \
  "-XX:TrimNativeHeapInterval=10000", \
  "-XX:MaxRAMPercentage=40", \
  "-XX:AOTCache=/opt/warder/start.aot", \
  "-Djdk.http.auth.tunneling.disabledSchemes=", \
  "--enable-native-access=ALL-UNNAMED", \
  "--sun-misc-unsafe-memory-access=allow", \
  "-cp", "/opt/warder/lib/*", \
  "dev.warder.cli.Warder"]
CMD ["operator"]
