package io.sendense.recovery.fs;

/** An extended attribute. */
public final class Xattr {
  private final String name;
  private final byte[] value;

  /**
   * @param name with its namespace, as Linux says it: user.comment, system.posix_acl_access
   * @param value of an ACL in the layout that Linux takes (linux/posix_acl_xattr.h)
   */
  public Xattr(String name, byte[] value) {
    this.name = name;
    this.value = value.clone();
  }

  public String name() {
    return name;
  }

  public byte[] value() {
    return value.clone();
  }
}
