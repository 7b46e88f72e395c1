package dev.warder.controlplane;

import java.util.ArrayList;
import java.util.List;

/** The command lines of the programs, for one data folder and one set of ports. */
record CommandLines(ControlPlaneBinaries binaries, DataFolder data, Ports ports) {

  private static final String ISSUER = "https://kubernetes.default.svc.cluster.local";

  List<String> etcd() {
    String client = "http://127.0.0.1:" + ports.etcdClient();
    String peer = "http://127.0.0.1:" + ports.etcdPeer();
    return List.of(
        binaries.program(Component.ETCD).toString(),
        "--data-dir=" + data.etcd(),
        "--listen-client-urls=" + client,
        "--advertise-client-urls=" + client,
        "--listen-peer-urls=" + peer,
        "--initial-advertise-peer-urls=" + peer,
        "--initial-cluster=default=" + peer,
        "--unsafe-no-fsync",
        "--log-level=warn");
  }

  List<String> kubeApiserver(boolean auditLog) {
    var line =
        new ArrayList<>(
            List.of(
                binaries.program(Component.KUBE_APISERVER).toString(),
                "--etcd-servers=http://127.0.0.1:" + ports.etcdClient(),
                "--bind-address=127.0.0.1",
                "--advertise-address=127.0.0.1",
                "--secure-port=" + ports.apiServer(),
                "--endpoint-reconciler-type=none",
                // Without a certificate it makes its own here, for 127.0.0.1 and the usual names.
                "--cert-dir=" + data.certificates(),
                "--token-auth-file=" + data.tokens(),
                "--authorization-mode=RBAC",
                "--service-account-issuer=" + ISSUER,
                "--service-account-key-file=" + data.serviceAccountKey(),
                "--service-account-signing-key-file=" + data.serviceAccountKey(),
                "--service-cluster-ip-range=10.96.0.0/16",
                "--allow-privileged=true",
                "--profiling=false"));
    if (auditLog) {
      line.add("--audit-policy-file=" + data.auditPolicy());
      line.add("--audit-log-path=" + data.auditLog());
    }
    return List.copyOf(line);
  }

  List<String> kubeControllerManager() {
    return List.of(
        binaries.program(Component.KUBE_CONTROLLER_MANAGER).toString(),
        "--kubeconfig=" + data.kubeconfig(ControlPlane.ADMIN),
        "--leader-elect=false",
        "--secure-port=0",
        "--use-service-account-credentials=true",
        "--service-account-private-key-file=" + data.serviceAccountKey(),
        "--root-ca-file=" + data.certificateAuthority(),
        "--profiling=false",
        "--controllers=*");
  }
}
