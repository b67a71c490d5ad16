package io.sendense.domain;

/** A virtualisation platform or form of disk that a virtual machine comes from or goes to. */
public enum Platform {
  DISK,
  KVM,
  CLOUDSTACK,
  VMWARE,
  HYPERV,
  AWS,
  AZURE,
  NUTANIX
}
