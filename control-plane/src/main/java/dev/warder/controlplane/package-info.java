/**
 * A local Kubernetes control plane (etcd, kube-apiserver, on request kube-controller-manager) as
 * plain processes on 127.0.0.1, for integration tests, the demo and the bench.
 *
 * <p>{@link dev.warder.controlplane.ControlPlane#start} is the way in. Not for production use.
 */
@NullMarked
package dev.warder.controlplane;

import org.jspecify.annotations.NullMarked;
