package dev.warder.controlplane;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** A program of the control plane. */
public enum Component {
  ETCD("etcd", "go.etcd.io/etcd/server/v3", "server"),
  KUBE_APISERVER("kube-apiserver", "k8s.io/kubernetes/cmd/kube-apiserver", "kube-apiserver"),
  KUBECTL("kubectl", "k8s.io/kubernetes/cmd/kubectl", "kubectl"),
  KUBE_CONTROLLER_MANAGER(
      "kube-controller-manager",
      "k8s.io/kubernetes/cmd/kube-controller-manager",
      "kube-controller-manager");

  /** What every control plane needs. */
  static final Set<Component> CORE =
      Collections.unmodifiableSet(EnumSet.of(ETCD, KUBE_APISERVER, KUBECTL));

  private final String fileName;
  private final String goPackage;
  private final String builtName;

  Component(String fileName, String goPackage, String builtName) {
    this.fileName = fileName;
    this.goPackage = goPackage;
    this.builtName = builtName;
  }

  /** The name of the program's file. */
  public String fileName() {
    return fileName;
  }

  String goPackage() {
    return goPackage;
  }

  /** The name that {@code go build} gives the program: the last element of its package path. */
  String builtName() {
    return builtName;
  }
}
