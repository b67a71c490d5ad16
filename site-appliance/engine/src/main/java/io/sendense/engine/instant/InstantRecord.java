package io.sendense.engine.instant;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * What is remembered of an instant recovery: enough to find and remove everything that was made for
 * it, and to serve its disks again.
 *
 * @param id also the machine's on its platform
 * @param repository as it was named, to be opened again
 * @param location the same text for the same store
 * @param point its id
 * @param platform where the machine is, such as a libvirt URI
 * @param folder of its images
 * @param name of the machine
 * @param socket where its disks are served, under their names in the point
 * @param held whether the point was put on hold for it, so that no retention takes it away
 * @param baseline since when the platform notes what the guest writes; empty until it runs
 */
public record InstantRecord(
    String id,
    String repository,
    String location,
    String point,
    String platform,
    Path folder,
    String name,
    Path socket,
    InstantState state,
    boolean held,
    Optional<String> baseline,
    Instant createdAt) {}
