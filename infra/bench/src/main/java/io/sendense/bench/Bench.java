package io.sendense.bench;

import io.sendense.bench.Results.Measured;
import io.sendense.bench.Results.RowResult;
import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./sendense bench store}: runs the rows and prints the table. */
@Command(
    name = "store",
    mixinStandardHelpOptions = true,
    description = "Times us and our peers on the same image, whole processes, in turns.")
final class Bench implements Callable<Integer> {
  @Option(
      names = "--image",
      paramLabel = "FILE",
      description = "A raw disk image to use instead of the one that is made.")
  @Nullable Path image;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write all that was measured there, too.")
  @Nullable Path json;

  @Option(
      names = "--only",
      paramLabel = "ROW",
      description = "Measure this row anew; may be given several times. Default: what is missing.")
  List<String> only = List.of();

  @Option(names = "--runs", description = "Runs of each program. Default: ${DEFAULT-VALUE}.")
  int runs = 5;

  @Option(
      names = "--folder",
      required = true,
      paramLabel = "DIR",
      description = "Where the image, the repositories and the results are kept between calls.")
  Path folder = Path.of("");

  @Option(
      names = "--scale",
      paramLabel = "N",
      description =
          "Divides the disk of the incremental row, 64 GiB with 8 GiB allocated. Default:"
              + " ${DEFAULT-VALUE}.")
  int scale = 4;

  private Bench() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Bench()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    Path at = Files.createDirectories(folder.toAbsolutePath().normalize());
    Processes processes = new Processes(at);
    Tools tools = Tools.ofEnvironment();
    Path disk =
        Optional.ofNullable(image).map(Path::toAbsolutePath).orElse(Image.inFolder(processes, at));
    List<Row> rows = rows(processes, tools, at, disk);
    Results results = new Results(at.resolve("results"));
    for (Row row : rows) {
      if (only.contains(row.id()) || (only.isEmpty() && results.read(row.id()).isEmpty())) {
        results.write(measure(row, processes));
      }
    }
    System.out.println("Image " + disk + ", " + Files.size(disk) + " bytes. " + Machine.line());
    for (Row row : rows) {
      Optional<RowResult> result = results.read(row.id());
      if (result.isPresent()) {
        System.out.println("\n" + Table.of(row, result.get()));
      }
    }
    if (json != null) {
      results.writeAll(rows, json);
    }
    return 0;
  }

  private List<Row> rows(Processes processes, Tools tools, Path at, Path disk) throws IOException {
    StoreRows store = new StoreRows(processes, tools, at, disk, Files.size(disk));
    NbdRows nbd = new NbdRows(processes, tools, at, disk, Files.size(disk));
    return List.of(
        store.full(),
        store.restore(),
        store.verify(),
        new IncrementalRow(processes, tools, at, disk, scale).row(),
        nbd.server(),
        nbd.client(),
        nbd.tlsClient(),
        nbd.tlsBoth(),
        new RemoteRow(processes, tools, at).row(),
        new ScaleRow(processes, tools, at).row(),
        MemoryRow.of(processes, tools, at, disk, Files.size(disk)));
  }

  /** All programs once, then all again: what disturbs the machine disturbs them alike. */
  private RowResult measure(Row row, Processes processes) throws Exception {
    String load = Machine.load();
    Map<String, List<Sample>> samples = new LinkedHashMap<>();
    Map<String, String> absent = new LinkedHashMap<>();
    row.contenders().forEach(c -> c.absent().ifPresent(why -> absent.put(c.name(), why)));
    for (int run = 0; run < runs; run++) {
      for (Contender contender : row.contenders()) {
        if (absent.containsKey(contender.name())) {
          continue;
        }
        System.err.println(row.id() + " " + (run + 1) + "/" + runs + ": " + contender.shown());
        try {
          Sample sample = contender.run().once();
          System.err.println("  " + sample);
          samples.computeIfAbsent(contender.name(), name -> new ArrayList<>()).add(sample);
        } catch (SendenseException e) {
          absent.put(contender.name(), String.valueOf(e.getMessage()).replace('\n', ' '));
          System.err.println("  " + e.getMessage());
        }
      }
    }
    List<Measured> measured = new ArrayList<>();
    for (Contender contender : row.contenders()) {
      measured.add(
          new Measured(
              contender.name(),
              contender.shown(),
              absent.getOrDefault(contender.name(), ""),
              samples.getOrDefault(contender.name(), List.of())));
    }
    return new RowResult(
        row.id(), Machine.commit(processes), load, measured, Tools.versions(processes));
  }
}
