package io.sendense.repository.format;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/** Sums of libcrypto that need one call and no context: for what is short or comes alone. */
record LibCryptoShort(MemorySegment sha256Type, MethodHandle hmac, MethodHandle sha256) {
  static LibCryptoShort bind(SymbolLookup library) {
    return new LibCryptoShort(
        LibCryptoLink.type(library, "EVP_sha256"),
        LibCryptoLink.handle(
            library,
            "HMAC",
            FunctionDescriptor.of(
                ADDRESS, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS)),
        LibCryptoLink.handle(
            library, "SHA256", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_LONG, ADDRESS)));
  }

  /** HMAC-SHA256. */
  byte[] hmac(byte[] key, byte[] data) {
    byte[] out = new byte[BulkCrypto.HASH_BYTES];
    try {
      done(
          (MemorySegment)
              hmac.invokeExact(
                  sha256Type,
                  LibCryptoLink.heap(key),
                  key.length,
                  LibCryptoLink.heap(data),
                  (long) data.length,
                  LibCryptoLink.heap(out),
                  MemorySegment.NULL));
      return out;
    } catch (Throwable e) {
      throw LibCryptoLink.failed(e);
    }
  }

  void sha256(byte[] data, int offset, int length, byte[] out, int to) {
    try {
      done(
          (MemorySegment)
              sha256.invokeExact(
                  LibCryptoLink.heap(data).asSlice(offset, length),
                  (long) length,
                  LibCryptoLink.heap(out).asSlice(to, BulkCrypto.HASH_BYTES)));
    } catch (Throwable e) {
      throw LibCryptoLink.failed(e);
    }
  }

  private static void done(MemorySegment result) {
    if (result.equals(MemorySegment.NULL)) {
      throw new IllegalStateException("libcrypto refused a call");
    }
  }
}
