package io.sendense.repository.format;

import static io.sendense.repository.format.LibCryptoLink.check;
import static io.sendense.repository.format.LibCryptoLink.failed;
import static io.sendense.repository.format.LibCryptoLink.handle;
import static io.sendense.repository.format.LibCryptoLink.heap;
import static io.sendense.repository.format.LibCryptoLink.made;
import static io.sendense.repository.format.LibCryptoLink.status;
import static io.sendense.repository.format.LibCryptoLink.type;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * The calls of libcrypto that {@link LibCrypto} needs. Heap arrays are passed in place: one call
 * takes at most a pack, so it holds up a collection by milliseconds.
 */
record LibCryptoCalls(
    MemorySegment aes256Gcm,
    MemorySegment sha256Type,
    MethodHandle cipherNew,
    MethodHandle cipherFree,
    MethodHandle cipherInit,
    MethodHandle cipherUpdate,
    MethodHandle cipherFinal,
    MethodHandle cipherControl,
    MethodHandle digestNew,
    MethodHandle digestFree,
    MethodHandle digestInit,
    MethodHandle digestUpdate,
    MethodHandle digestFinal,
    MethodHandle digestCopy,
    LibCryptoShort shortly) {
  static final Optional<LibCryptoCalls> INSTANCE = LibCryptoLink.of(LibCryptoCalls::bind);

  // openssl/evp.h: EVP_CTRL_AEAD_GET_TAG and EVP_CTRL_AEAD_SET_TAG.
  private static final int GET_TAG = 0x10;
  private static final int SET_TAG = 0x11;

  private static LibCryptoCalls bind(SymbolLookup library) {
    FunctionDescriptor make = FunctionDescriptor.of(ADDRESS);
    FunctionDescriptor free = FunctionDescriptor.ofVoid(ADDRESS);
    return new LibCryptoCalls(
        type(library, "EVP_aes_256_gcm"),
        type(library, "EVP_sha256"),
        handle(library, "EVP_CIPHER_CTX_new", make),
        handle(library, "EVP_CIPHER_CTX_free", free),
        handle(
            library,
            "EVP_CipherInit_ex",
            status(ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_INT)),
        handle(library, "EVP_CipherUpdate", status(ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_INT)),
        handle(library, "EVP_CipherFinal_ex", status(ADDRESS, ADDRESS, ADDRESS)),
        handle(library, "EVP_CIPHER_CTX_ctrl", status(ADDRESS, JAVA_INT, JAVA_INT, ADDRESS)),
        handle(library, "EVP_MD_CTX_new", make),
        handle(library, "EVP_MD_CTX_free", free),
        handle(library, "EVP_DigestInit_ex", status(ADDRESS, ADDRESS, ADDRESS)),
        handle(library, "EVP_DigestUpdate", status(ADDRESS, ADDRESS, JAVA_LONG)),
        handle(library, "EVP_DigestFinal_ex", status(ADDRESS, ADDRESS, ADDRESS)),
        handle(library, "EVP_MD_CTX_copy_ex", status(ADDRESS, ADDRESS)),
        LibCryptoShort.bind(library));
  }

  MemorySegment newCipher() {
    return made(cipherNew);
  }

  MemorySegment newDigest() {
    return made(digestNew);
  }

  void freeCipher(MemorySegment context) {
    free(cipherFree, context);
  }

  void freeDigest(MemorySegment context) {
    free(digestFree, context);
  }

  void startCipher(MemorySegment context, boolean sealing, byte[] key, byte[] nonce) {
    try {
      check(
          (int)
              cipherInit.invokeExact(
                  context, aes256Gcm, MemorySegment.NULL, heap(key), heap(nonce), sealing ? 1 : 0));
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  void authenticate(MemorySegment context, byte[] additional, byte[] moved) {
    try {
      check(
          (int)
              cipherUpdate.invokeExact(
                  context, MemorySegment.NULL, heap(moved), heap(additional), additional.length));
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  void updateCipher(
      MemorySegment context, byte[] in, int from, int length, byte[] out, int to, byte[] moved) {
    updateCipher(context, in, from, length, heap(out).asSlice(to, length), moved);
  }

  void updateCipher(
      MemorySegment context, byte[] in, int from, int length, MemorySegment out, byte[] moved) {
    try {
      check(
          (int)
              cipherUpdate.invokeExact(
                  context, out, heap(moved), heap(in).asSlice(from, length), length));
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  /** False where the tag of what was opened does not fit. */
  boolean finishCipher(MemorySegment context, byte[] moved) {
    try {
      // GCM writes nothing here; any place will do.
      return (int) cipherFinal.invokeExact(context, heap(moved), heap(moved)) == 1;
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  void tag(MemorySegment context, boolean sealing, byte[] tag) {
    try {
      check(
          (int)
              cipherControl.invokeExact(
                  context, sealing ? GET_TAG : SET_TAG, tag.length, heap(tag)));
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  void startSha256(MemorySegment context) {
    try {
      check((int) digestInit.invokeExact(context, sha256Type, MemorySegment.NULL));
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  void updateDigest(MemorySegment context, byte[] data, int offset, int length) {
    try {
      check(
          (int)
              digestUpdate.invokeExact(context, heap(data).asSlice(offset, length), (long) length));
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  void finishDigest(MemorySegment context, byte[] out, int to) {
    try {
      check(
          (int)
              digestFinal.invokeExact(
                  context, heap(out).asSlice(to, BulkCrypto.HASH_BYTES), MemorySegment.NULL));
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  void copyDigest(MemorySegment to, MemorySegment from) {
    try {
      check((int) digestCopy.invokeExact(to, from));
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  private static void free(MethodHandle handle, MemorySegment context) {
    try {
      handle.invokeExact(context);
    } catch (Throwable e) {
      throw failed(e);
    }
  }
}
