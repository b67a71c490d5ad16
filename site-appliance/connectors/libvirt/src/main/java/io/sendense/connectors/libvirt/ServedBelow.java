package io.sendense.connectors.libvirt;

import io.sendense.connectors.spi.InstantPlan;

/** Disks served over NBD below images. Errors stop the guest rather than reach it. */
record ServedBelow(InstantPlan plan) implements MachineXml.Below {
  /** How long QEMU waits for the server before it fails what the guest asked for and stops it. */
  private static final int RECONNECT_SECONDS = 30;

  @Override
  public String driver() {
    return " error_policy='stop' rerror_policy='stop'";
  }

  @Override
  public String source(String disk) {
    InstantPlan.Served below =
        plan.served().stream().filter(s -> s.disk().equals(disk)).findFirst().orElseThrow();
    return "<backingStore type='network'><format type='raw'/><source protocol='nbd' name='"
        + Xml.escape(below.export())
        + "'><host transport='unix' socket='"
        + Xml.escape(below.socket().toString())
        + "'/><reconnect delay='"
        + RECONNECT_SECONDS
        + "'/></source><backingStore/></backingStore>";
  }
}
