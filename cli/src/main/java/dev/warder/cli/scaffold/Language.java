package dev.warder.cli.scaffold;

import java.util.List;

/** What a policy can be begun in. */
public enum Language {
  GO("go", "go.mod main.go policy.go policy_test.go"),
  GO_SDK("go-sdk", "go.mod go.sum main.go policy.go policy_test.go"),
  RUST("rust", "Cargo.toml Cargo.lock src/main.rs src/policy.rs"),
  C("c", "main.c policy.c policy.h policy_test.c json.c json.h");

  private final String option;
  private final String files;

  Language(String option, String files) {
    this.option = option;
    this.files = files;
  }

  /** The value of {@code --language}, and the folder of its templates. */
  public String option() {
    return option;
  }

  /** What only it has. */
  List<String> files() {
    return List.of(files.split(" ", -1));
  }
}
