package io.sendense.simulation;

import java.util.function.Consumer;

/** Jobs of which each runs alone and undisturbed. */
final class Quiet {
  private final World world;

  Quiet(World world) {
    this.world = world;
  }

  /** Whatever happened before, the next backup of each machine succeeds. */
  void backUpEverything() {
    for (Host host : world.hosts) {
      for (Machine machine : host.machines) {
        alone(host, "last backup", attempt -> new Jobs(world).backUp(attempt, machine));
      }
    }
  }

  void alone(Host host, String name, Consumer<Attempt> work) {
    long seed = world.random.nextLong();
    world
        .turns()
        .begin(
            name + "@" + host.name,
            host.life(),
            actor -> {
              Attempt attempt = Attempt.undisturbed(world, host, actor, seed);
              work.accept(attempt);
            });
    boolean more = true;
    while (more) {
      more = world.turns().step();
    }
  }
}
