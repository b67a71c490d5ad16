package io.sendense.protocol;

/** A disk of a VM; the size in bytes is 0 while it is not known. */
public record VmDisk(String name, long sizeBytes) {
  public VmDisk {
    Bounds.text(name, Bounds.NAME, "name");
    Bounds.notNegative(sizeBytes, "sizeBytes");
  }
}
