package dev.warder.policy.wasi.store;

import java.io.IOException;

/** A blob that a program must not have. */
public final class BlobRefusedException extends IOException {
  BlobRefusedException(String message) {
    super(message);
  }
}
