package dev.warder.cli.demo;

import dev.warder.cli.common.CommandFailedException;
import dev.warder.controlplane.ControlPlane;
import dev.warder.controlplane.ControlPlaneException;
import dev.warder.controlplane.ControlPlaneOptions;
import java.nio.file.Path;

/** A control plane of processes on this machine, started for the demo. */
record LocalCluster(ControlPlane controlPlane) implements Cluster {
  static LocalCluster start(Audience audience) {
    try {
      return new LocalCluster(
          ControlPlane.start(ControlPlaneOptions.defaults(), audience::progress));
    } catch (ControlPlaneException e) {
      throw new CommandFailedException(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public String description() {
    return "a local control plane at " + controlPlane.server();
  }

  @Override
  public Path kubectl() {
    return controlPlane.kubectl();
  }

  @Override
  public Path kubeconfig() {
    return controlPlane.kubeconfig();
  }

  @Override
  public String webhookHost() {
    return "127.0.0.1";
  }

  @Override
  public void createNamespace(String name) {
    controlPlane.createNamespace(name);
  }

  @Override
  public boolean disposable() {
    return true;
  }

  @Override
  public void close() {
    controlPlane.close();
  }
}
