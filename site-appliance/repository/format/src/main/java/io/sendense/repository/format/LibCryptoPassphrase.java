package io.sendense.repository.format;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * PBKDF2-HMAC-SHA512 of libcrypto, linked apart from its other calls: stretching a passphrase is
 * what a command waits for longest before it can read anything, and needs none of them.
 */
record LibCryptoPassphrase(MemorySegment sha512Type, MethodHandle pbkdf2) {
  static final Optional<LibCryptoPassphrase> INSTANCE = LibCryptoLink.of(LibCryptoPassphrase::bind);

  private static LibCryptoPassphrase bind(SymbolLookup library) {
    return new LibCryptoPassphrase(
        LibCryptoLink.type(library, "EVP_sha512"),
        // Long, so not one that a garbage collection would wait for.
        Linker.nativeLinker()
            .downcallHandle(
                library.findOrThrow("PKCS5_PBKDF2_HMAC"),
                LibCryptoLink.status(
                    ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS)));
  }

  byte[] derive(byte[] passphrase, byte[] salt, int iterations, int length) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment secret = arena.allocate(Math.max(1, passphrase.length));
      secret.copyFrom(LibCryptoLink.heap(passphrase));
      MemorySegment out = arena.allocate(length);
      int status =
          (int)
              pbkdf2.invokeExact(
                  secret,
                  passphrase.length,
                  arena.allocateFrom(JAVA_BYTE, salt),
                  salt.length,
                  iterations,
                  sha512Type,
                  length,
                  out);
      byte[] key = out.toArray(JAVA_BYTE);
      secret.fill((byte) 0);
      out.fill((byte) 0);
      LibCryptoLink.check(status);
      return key;
    } catch (Throwable e) {
      throw LibCryptoLink.failed(e);
    }
  }
}
