package dev.warder.policy.fetch;

import java.util.OptionalLong;

/**
 * Hears how far downloads and uploads of modules and other blobs are. It is called by the thread
 * that moves the bytes, which waits for it.
 */
public interface TransferListener {
  /** Hears nothing. */
  TransferListener NONE =
      new TransferListener() {
        @Override
        public void moved(String what, long bytes, OptionalLong total) {}

        @Override
        public void ended(String what) {}
      };

  /**
   * More bytes are there.
   *
   * @param what is moved, for people
   * @param bytes so far: more than before, also when a transfer that broke off begins anew
   * @param total how many it will be, as far as the other side tells
   */
  void moved(String what, long bytes, OptionalLong total);

  /** Nothing more comes of it, whether all of it is there or not. */
  void ended(String what);
}
