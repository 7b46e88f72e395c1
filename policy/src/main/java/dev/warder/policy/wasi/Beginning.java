package dev.warder.policy.wasi;

import dev.warder.policy.wasi.Program.Origin;
import java.util.Optional;

/**
 * Where one run begins.
 *
 * @param origin of the image that memory and globals start from; empty for a new instance, which
 *     starts from the module's data
 * @param function that is called
 * @param flags of the guest's descriptors
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Beginning(Optional<Origin> origin, int function, int[] flags) {}
