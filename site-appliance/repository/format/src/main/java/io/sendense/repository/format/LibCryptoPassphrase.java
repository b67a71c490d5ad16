package io.sendense.repository.format;

import static java.lang.foreign.ValueLayout.ADDRESS;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * SHA-512's compression of one block by libcrypto, for {@link PassphraseHash}. Linked apart from
 * its other calls: stretching a passphrase is what a command waits for longest before it can read
 * anything, and needs none of them.
 */
record LibCryptoPassphrase(MethodHandle transform) {
  static final Optional<LibCryptoPassphrase> INSTANCE =
      // The state is words of the machine, the block bytes: only here are both known to fit.
      ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
          ? LibCryptoLink.of(LibCryptoPassphrase::bind)
          : Optional.empty();

  private static LibCryptoPassphrase bind(SymbolLookup library) {
    return new LibCryptoPassphrase(
        LibCryptoLink.handle(
            library, "SHA512_Transform", FunctionDescriptor.ofVoid(ADDRESS, ADDRESS)));
  }

  /** Takes a block of 128 bytes into a state that begins with eight words. */
  void compress(MemorySegment state, MemorySegment block) {
    try {
      transform.invokeExact(state, block);
    } catch (Throwable e) {
      throw LibCryptoLink.failed(e);
    }
  }
}
