package io.sendense.demo;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One of the product's programs, as the build left it. */
record JavaProgram(Path root, String module, String main) {
  List<String> command(String... arguments) {
    Path target = root.resolve(module).resolve("target");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=4",
            "-Xmx768m",
            // Class loading pins virtual threads to their carriers, of which two cores give two.
            "-Djdk.virtualThreadScheduler.parallelism=8",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            target.resolve("classes") + ":" + target.resolve("lib") + "/*",
            main));
    command.addAll(List.of(arguments));
    return command;
  }
}
