package io.sendense.bench;

import io.sendense.nbd.NbdClient;
import io.sendense.nbd.NbdClientOptions;
import io.sendense.nbd.NbdExport;
import io.sendense.nbd.NbdUri;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A second run after 1 % of the allocated data was overwritten in scattered pieces of 64 KiB. We
 * read a qcow2 file over NBD with its dirty bitmap; restic reads the same content from a raw file.
 */
final class IncrementalRow {
  private static final long GIB = 1L << 30;
  private static final int PIECE_BYTES = 64 << 10;

  private final Processes processes;
  private final Tools tools;
  private final Path folder;
  private final Path image;
  private final long virtualBytes;
  private final int copies;

  IncrementalRow(Processes processes, Tools tools, Path folder, Path image, int scale) {
    this.processes = processes;
    this.tools = tools;
    this.folder = folder.resolve("incremental");
    this.image = image;
    this.virtualBytes = 64 * GIB / scale;
    this.copies = Math.max(1, 4 / scale);
  }

  Row row() {
    Path socket = folder.resolve("bitmap.sock");
    String disk = "nbd+unix:///?socket=" + socket + "#bitmap=b0";
    List<String> ours =
        tools.appliance(
            "backup", "--repository", folder + "/run-sendense", "--vm", "bench", "--disk", disk);
    List<String> restic =
        List.of("restic", "-q", "-r", folder + "/run-restic", "backup", folder + "/disk.raw");
    return new Row(
        "incremental",
        "incremental by dirty bitmap, 1 % in pieces of 64 KiB, disk of "
            + virtualBytes / GIB
            + " GiB with "
            + copies
            + " copies of the image",
        virtualBytes,
        List.of(Bar.times("restic", 10)),
        List.of(
            Contender.of(
                "sendense",
                ours,
                Tools.missing("qemu-nbd", "qemu-img"),
                () -> {
                  prepare(socket, disk);
                  copy("sendense");
                  try (Server server = processes.serve(serve(socket, true), socket)) {
                    double before = server.cpuSeconds();
                    Sample sample = processes.time(ours);
                    return sample.plusCpu(server.cpuSeconds() - before);
                  }
                }),
            Contender.of(
                "restic",
                restic,
                Tools.missing("qemu-nbd", "qemu-img", "restic"),
                () -> {
                  prepare(socket, disk);
                  copy("restic");
                  return processes.time(restic);
                })));
  }

  private List<String> serve(Path socket, boolean bitmap) {
    String file = folder + "/disk.qcow2";
    return bitmap
        ? List.of(
            "qemu-nbd", "-r", "-t", "-e", "8", "-f", "qcow2", "-B", "b0", "-k", socket + "", file)
        : List.of("qemu-nbd", "-t", "-f", "qcow2", "-k", socket + "", file);
  }

  /** Every run starts from the repositories as they were after the first backup. */
  private void copy(String who) {
    processes.run(
        List.of(
            "bash",
            "-c",
            "cd \"$1\" && rm -rf run-$2 && cp -al base-$2 run-$2 && cat disk.raw disk.qcow2 >/dev/null",
            "copy",
            folder.toString(),
            who));
  }

  private void prepare(Path socket, String disk) throws IOException {
    if (Files.exists(folder.resolve("prepared"))) {
      return;
    }
    processes.run(List.of("bash", "-c", "rm -rf \"$1\" && mkdir \"$1\"", "new", folder + ""));
    String raw = folder + "/disk.raw";
    processes.run(List.of("truncate", "-s", virtualBytes + "", raw));
    for (int i = 0; i < copies; i++) {
      long at = virtualBytes / copies * i;
      processes.run(
          List.of(
              "dd",
              "if=" + image,
              "of=" + raw,
              "bs=1M",
              "seek=" + (at >> 20),
              "conv=notrunc,sparse",
              "status=none"));
    }
    processes.run(List.of("qemu-img", "convert", "-O", "qcow2", raw, folder + "/disk.qcow2"));
    processes.run(tools.appliance("repository", "init", folder + "/run-sendense"));
    processes.run(List.of("restic", "-q", "-r", folder + "/run-restic", "init"));
    String plain = disk.substring(0, disk.indexOf('#'));
    try (Server _ = processes.serve(serve(socket, false), socket)) {
      processes.run(
          tools.appliance(
              "backup",
              "--repository",
              folder + "/run-sendense",
              "--vm",
              "bench",
              "--disk",
              plain));
    }
    processes.run(List.of("restic", "-q", "-r", folder + "/run-restic", "backup", raw));
    processes.run(List.of("qemu-img", "bitmap", "--add", folder + "/disk.qcow2", "b0"));
    try (Server _ = processes.serve(serve(socket, false), socket)) {
      overwrite(plain, Path.of(raw));
    }
    for (String who : List.of("sendense", "restic")) {
      Files.move(folder.resolve("run-" + who), folder.resolve("base-" + who));
    }
    Files.createFile(folder.resolve("prepared"));
  }

  /** The same random pieces into the export, whose bitmap notes them, and into the raw file. */
  private void overwrite(String uri, Path raw) throws IOException {
    List<Long> pieces = allocatedPieces();
    SplittableRandom random = new SplittableRandom(1);
    byte[] data = new byte[PIECE_BYTES];
    try (NbdExport export = NbdClient.open(NbdUri.parse(uri), NbdClientOptions.defaults());
        FileChannel file = FileChannel.open(raw, StandardOpenOption.WRITE)) {
      for (int i = 0; i < pieces.size() / 100; i++) {
        long at = pieces.get(random.nextInt(pieces.size()));
        random.nextBytes(data);
        export.write(at, ByteBuffer.wrap(data));
        file.write(ByteBuffer.wrap(data), at);
      }
      export.flush();
    }
  }

  private List<Long> allocatedPieces() {
    String map =
        processes.run(
            List.of(
                "bash",
                "-c",
                "qemu-img map -f raw --output=json \"$1\" | tr '{' '\\n' | grep '\"data\": true'",
                "map",
                folder + "/disk.raw"));
    List<Long> pieces = new java.util.ArrayList<>();
    for (String line : map.lines().toList()) {
      long start = number(line, "start");
      long end = start + number(line, "length");
      long first = (start + PIECE_BYTES - 1) / PIECE_BYTES * PIECE_BYTES;
      for (long at = first; at + PIECE_BYTES <= end; at += PIECE_BYTES) {
        pieces.add(at);
      }
    }
    return pieces;
  }

  private static long number(String line, String field) {
    return Long.parseLong(line.replaceAll(".*\"" + field + "\": *(\\d+).*", "$1"));
  }
}
