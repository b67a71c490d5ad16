package io.sendense.lab.cloudstack;

import io.sendense.testkit.libvirt.LibvirtServer;

/**
 * A KVM host of the lab.
 *
 * @param name as CloudStack shows it
 * @param libvirt real, and able to read and write the pool
 */
public record LabHost(String name, LibvirtServer libvirt) {}
