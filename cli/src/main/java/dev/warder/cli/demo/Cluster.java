package dev.warder.cli.demo;

import java.nio.file.Path;

/** Where the demo plays. */
sealed interface Cluster extends AutoCloseable permits LocalCluster, NamedCluster {
  /** What it is, for people. */
  String description();

  Path kubectl();

  /** An administrator's kubeconfig; its current context is this cluster. */
  Path kubeconfig();

  /** This machine's address as the API server sees it. */
  String webhookHost();

  /** Makes a namespace in which pods can be created at once. */
  void createNamespace(String name);

  /** Whether all that is in it ends with it. */
  boolean disposable();

  @Override
  void close();
}
