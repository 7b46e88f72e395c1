package dev.warder.operator.policyserver;

import dev.warder.crd.PolicyServer;
import dev.warder.operator.Labels;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.Optional;

/** The PolicyServer of one name, and what it may name, as the API server last told. */
record Watched(
    SharedIndexInformer<PolicyServer> servers,
    SharedIndexInformer<Secret> secrets,
    SharedIndexInformer<ConfigMap> configMaps)
    implements AutoCloseable {

  /** Blocks until all is known. What Warder itself keeps in the namespace is left out. */
  static Watched start(
      KubernetesClient client, String instance, String namespace, Runnable changed) {
    return new Watched(
        client.resources(PolicyServer.class).withName(instance).inform(telling(changed)),
        client
            .secrets()
            .inNamespace(namespace)
            .withoutLabel(Labels.MANAGED_BY, Labels.WARDER)
            .inform(telling(changed)),
        client
            .configMaps()
            .inNamespace(namespace)
            .withoutLabel(Labels.MANAGED_BY, Labels.WARDER)
            .inform(telling(changed)));
  }

  Optional<PolicyServer> server() {
    return servers.getStore().list().stream().findFirst();
  }

  Optional<Secret> secret(String name) {
    return named(secrets, name);
  }

  Optional<ConfigMap> configMap(String name) {
    return named(configMaps, name);
  }

  private static <T extends HasMetadata> Optional<T> named(
      SharedIndexInformer<T> informer, String name) {
    return informer.getStore().list().stream()
        .filter(object -> object.getMetadata().getName().equals(name))
        .findFirst();
  }

  private static <T> ResourceEventHandler<T> telling(Runnable changed) {
    return new ResourceEventHandler<>() {
      @Override
      public void onAdd(T object) {
        changed.run();
      }

      @Override
      public void onUpdate(T before, T now) {
        changed.run();
      }

      @Override
      public void onDelete(T object, boolean unknown) {
        changed.run();
      }
    };
  }

  @Override
  public void close() {
    servers.close();
    secrets.close();
    configMaps.close();
  }
}
