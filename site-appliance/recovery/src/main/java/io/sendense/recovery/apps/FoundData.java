package io.sendense.recovery.apps;

/**
 * Data of an application in a guest.
 *
 * @param application name of the {@link ApplicationItems}
 * @param volume it lies on, as {@link io.sendense.recovery.disk.GuestVolume} names it
 * @param path of its root in that volume's file system
 * @param version as the data itself tells, such as {@code 15}; empty where it does not
 */
public record FoundData(String application, String volume, String path, String version) {}
