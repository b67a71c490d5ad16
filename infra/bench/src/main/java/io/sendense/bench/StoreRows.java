package io.sendense.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Full backup, restore and verify of one image, with every program's fixed settings. */
final class StoreRows {
  private final Processes processes;
  private final Tools tools;
  private final Path folder;
  private final Path image;
  private final long bytes;

  StoreRows(Processes processes, Tools tools, Path folder, Path image, long bytes) {
    this.processes = processes;
    this.tools = tools;
    this.folder = folder;
    this.image = image;
    this.bytes = bytes;
  }

  /** A program that keeps repositories: how it makes one, and its three timed commands. */
  private record Peer(
      String name,
      Optional<String> absent,
      List<List<String>> make,
      List<String> backup,
      List<String> restore,
      List<String> verify) {}

  Row full() {
    List<Contender> all = new ArrayList<>();
    for (Peer peer : peers()) {
      all.add(Contender.of(peer.name, peer.backup, peer.absent, () -> backup(peer)));
    }
    return new Row(
        "full",
        "full backup, new repository",
        bytes,
        List.of(Bar.times("restic", 3), Bar.times("borg", 3), Bar.times("kopia", 1)),
        all);
  }

  Row restore() {
    List<Contender> all = new ArrayList<>();
    for (Peer peer : peers()) {
      all.add(Contender.of(peer.name, peer.restore, peer.absent, () -> restore(peer)));
    }
    Path socket = folder.resolve("qemu.sock");
    List<String> convert =
        List.of(
            "qemu-img",
            "convert",
            "-f",
            "raw",
            "-O",
            "raw",
            "nbd+unix:///?socket=" + socket,
            out().toString());
    all.add(
        Contender.of(
            "qemu-img convert",
            convert,
            Tools.missing("qemu-img", "qemu-nbd"),
            () -> {
              List<String> serve =
                  List.of("qemu-nbd", "-r", "-t", "-f", "raw", "-k", socket + "", image + "");
              try (Server server = processes.serve(serve, socket)) {
                double before = server.cpuSeconds();
                Sample sample = timeToOut(convert);
                return sample.plusCpu(server.cpuSeconds() - before);
              }
            }));
    return new Row(
        "restore",
        "restore to a raw file",
        bytes,
        List.of(
            Bar.times("restic", 3),
            Bar.times("borg", 3),
            Bar.times("kopia", 1),
            Bar.times("qemu-img convert", 1 / 1.5)),
        all);
  }

  Row verify() {
    List<Contender> all = new ArrayList<>();
    for (Peer peer : peers()) {
      all.add(
          Contender.of(
              peer.name,
              peer.verify,
              peer.absent,
              () -> {
                ensure(peer);
                return processes.time(peer.verify);
              }));
    }
    return new Row(
        "verify", "verify, reading all data", bytes, List.of(Bar.times("restic", 1.5)), all);
  }

  private Sample backup(Peer peer) {
    remake(peer);
    Image.warm(processes, image);
    return processes.time(peer.backup);
  }

  private Sample restore(Peer peer) {
    ensure(peer);
    return timeToOut(peer.restore);
  }

  private Sample timeToOut(List<String> command) {
    processes.run(List.of("rm", "-rf", out().toString(), folder + "/out"));
    processes.run(List.of("mkdir", folder + "/out"));
    Sample sample = processes.time(command, folder.resolve("out"));
    processes.run(
        List.of("bash", "-c", "cmp \"$1\" \"$(find out out.raw -type f)\"", "cmp", image + ""));
    processes.run(List.of("rm", "-rf", out().toString(), folder + "/out"));
    return sample;
  }

  private void ensure(Peer peer) {
    if (!Files.exists(folder.resolve("repo-" + peer.name))) {
      backup(peer);
    }
  }

  private void remake(Peer peer) {
    processes.run(List.of("rm", "-rf", folder + "/repo-" + peer.name));
    processes.run(List.of("bash", "-c", "rm -rf cache borg-base kopia.config"));
    processes.run(List.of("mkdir", "-p", "repo-" + peer.name, "borg-base", "cache", "config"));
    peer.make.forEach(processes::run);
  }

  private Path out() {
    return folder.resolve("out.raw");
  }

  private List<Peer> peers() {
    return List.of(sendense(), restic(), borg(), kopia());
  }

  private Peer sendense() {
    String at = folder + "/repo-sendense";
    return new Peer(
        "sendense",
        Optional.empty(),
        List.of(tools.appliance("repository", "init", at)),
        tools.appliance("backup", "--repository", at, "--vm", "bench", "--disk", image.toString()),
        tools.appliance(
            "restore",
            "--repository",
            at,
            "--vm",
            "bench",
            "--point",
            "latest",
            "--to",
            out() + ""),
        tools.appliance("repository", "verify", at));
  }

  private Peer restic() {
    String at = folder + "/repo-restic";
    return new Peer(
        "restic",
        Tools.missing("restic"),
        List.of(List.of("restic", "-q", "-r", at, "init")),
        List.of("restic", "-q", "-r", at, "backup", image.toString()),
        List.of("restic", "-q", "-r", at, "restore", "latest", "--target", folder + "/out"),
        List.of("restic", "-q", "-r", at, "check", "--read-data"));
  }

  private Peer borg() {
    String at = folder + "/repo-borg";
    return new Peer(
        "borg",
        Tools.missing("borg"),
        List.of(List.of("borg", "init", "-e", "repokey-blake2", at)),
        List.of(
            "borg",
            "create",
            "-C",
            "zstd,1",
            "--chunker-params",
            "fixed,1048576",
            "--sparse",
            at + "::a",
            image.toString()),
        List.of("borg", "extract", "--sparse", at + "::a"),
        List.of("borg", "check", "--verify-data", at));
  }

  private Peer kopia() {
    String config = "--config-file=" + folder + "/kopia.config";
    return new Peer(
        "kopia",
        Tools.missing("kopia"),
        List.of(
            List.of(
                "kopia",
                config,
                "repository",
                "create",
                "filesystem",
                "--path=" + folder + "/repo-kopia"),
            List.of("kopia", config, "policy", "set", "--global", "--compression=zstd-fastest")),
        List.of("kopia", config, "snapshot", "create", image.toString()),
        List.of(
            "bash",
            "-c",
            "kopia "
                + config
                + " snapshot restore \"$(kopia "
                + config
                + " snapshot list --json | sed -n 's/.*\"obj\": *\"\\([^\"]*\\)\".*/\\1/p' | tail -n1)\""
                + " out.raw"),
        List.of("kopia", config, "snapshot", "verify", "--verify-files-percent=100"));
  }
}
