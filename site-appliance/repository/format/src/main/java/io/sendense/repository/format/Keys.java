package io.sendense.repository.format;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import javax.crypto.spec.SecretKeySpec;

/** The keys of an open repository and all that is derived from them. Thread-safe. */
final class Keys {
  static final int KEY_BYTES = 32;

  private static final int PACK_KEYS_MAX = 1024;
  private static final byte[] NO_SALT = new byte[0];

  private final UUID repositoryId;
  private final KeyRing ring;
  private final byte[] identityKey;
  private final SecretKeySpec chunkKey;
  private final SecretKeySpec nodeKey;
  private final SecretKeySpec rootKey;
  private final Map<PackId, SecretKeySpec> packKeys =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<PackId, SecretKeySpec> eldest) {
          return size() > PACK_KEYS_MAX;
        }
      };

  Keys(UUID repositoryId, KeyRing ring, byte[] identityKey) {
    this.repositoryId = repositoryId;
    this.ring = ring;
    this.identityKey = identityKey.clone();
    chunkKey = identity("chunk");
    nodeKey = identity("node");
    rootKey = identity("root");
  }

  UUID repositoryId() {
    return repositoryId;
  }

  KeyRing repositoryKey() {
    return ring;
  }

  /** The same repository with a newer key. */
  Keys rotated(byte[] key) {
    return new Keys(repositoryId, ring.next(key), identityKey);
  }

  TenantIdentity tenant() {
    return new TenantIdentity(identityKey);
  }

  SecretKeySpec chunkKey() {
    return chunkKey;
  }

  SecretKeySpec nodeKey() {
    return nodeKey;
  }

  SecretKeySpec rootKey() {
    return rootKey;
  }

  SecretKeySpec packKey(PackId pack) {
    synchronized (packKeys) {
      SecretKeySpec key = packKeys.get(pack);
      if (key == null) {
        ByteWriter info = new ByteWriter();
        info.raw(Hkdf.info("sendense pack 1"));
        pack.write(info);
        byte[] ours = ring.of(pack.epoch(), pack.objectName().value());
        key = new SecretKeySpec(Hkdf.derive(ours, NO_SALT, info.toBytes()), "AES");
        packKeys.put(pack, key);
      }
      return key;
    }
  }

  private SecretKeySpec identity(String use) {
    byte[] key = Hkdf.derive(identityKey, NO_SALT, Hkdf.info("sendense identity 1 " + use));
    return new SecretKeySpec(key, "HmacSHA256");
  }
}
