package dev.warder.policy.fetch;

import dev.warder.policy.oci.Repository;
import dev.warder.policy.reference.ModuleReference;

/**
 * Reads repositories that strangers name, such as those of the images in a manifest: by the same
 * sources and credentials as modules, but never from addresses of this machine or its surroundings.
 */
public final class ImageRegistries implements AutoCloseable {
  private final FetchLimits limits;
  private final CurrentAccess access;

  public ImageRegistries(FetchLimits limits, Sources sources) {
    this.limits = limits;
    this.access = new CurrentAccess(sources, limits, AddressRule::forStrangers);
  }

  /** Lets later reads go by other sources. */
  public void use(Sources sources) {
    access.replace(sources);
  }

  /** The repository that a reference names. */
  public Repository repository(ModuleReference.Registry reference) {
    return new RegistryRepository(access, reference, limits, TransferListener.NONE);
  }

  /** Ends what is under way. */
  @Override
  public void close() {
    access.close();
  }
}
