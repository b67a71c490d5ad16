package io.sendense.appliance.cli;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.engine.InstantJob;
import io.sendense.engine.instant.InstantRecord;
import java.io.File;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks the serving process of a repository; starts it where there is none. */
final class InstantServerClient implements InstantJob.Serving {
  private static final Duration START = Duration.ofMinutes(2);

  /** To open a point of a large repository in a store that is far away takes its time. */
  private static final Duration ANSWER = Duration.ofMinutes(2);

  private static final int ATTEMPTS = 3;
  private static final String MAIN = "io.sendense.appliance.Main";

  private final Surroundings surroundings;
  private final CommonOptions common;
  private final String repository;
  private final InstantServerPlace place;

  InstantServerClient(
      Surroundings surroundings, CommonOptions common, String repository, String location) {
    this.surroundings = surroundings;
    this.common = common;
    this.repository = repository;
    this.place = InstantServerPlace.of(common.stateFolder(surroundings.environment()), location);
  }

  /**
   * A serving process.
   *
   * @param residentBytes now
   * @param peakBytes at most so far
   */
  record Status(long pid, Set<String> recoveries, long residentBytes, long peakBytes) {
    Status {
      recoveries = Set.copyOf(recoveries);
    }

    boolean serves(String recovery) {
      return recoveries.contains(recovery);
    }
  }

  @Override
  public void serve(InstantRecord record) {
    askFor("serve", record);
  }

  private void askFor(String what, InstantRecord record) {
    for (int attempt = 1; ; attempt++) {
      try {
        String unused = ask(what + " " + record.id());
        return;
      } catch (IOException e) {
        if (attempt == ATTEMPTS) {
          throw new SendenseException(
              ErrorCode.INTERNAL,
              "the process that serves instant recoveries does not answer: " + e.getMessage(),
              "Look at its log " + place.log() + ".",
              e);
        }
        launch();
      }
    }
  }

  /** Whoever serves a repository also lifts the hold on the point, so somebody has to. */
  @Override
  public void release(InstantRecord record) {
    askFor("release", record);
  }

  /** Empty where none runs. */
  Optional<Status> status() {
    try {
      List<String> words = Arrays.asList(ask("status").split(" ", -1));
      long pid = Long.parseLong(words.getFirst());
      String memory = Files.readString(Path.of("/proc/" + pid + "/status"));
      return Optional.of(
          new Status(
              pid,
              Set.copyOf(words.subList(1, words.size())),
              kibibytes(memory, "VmRSS"),
              kibibytes(memory, "VmHWM")));
    } catch (IOException nobodyServes) {
      return Optional.empty();
    }
  }

  private static long kibibytes(String status, String name) {
    Matcher line = Pattern.compile(name + ":\\s*([0-9]+) kB").matcher(status);
    return line.find() ? Long.parseLong(line.group(1)) << 10 : 0;
  }

  /**
   * @throws IOException where no serving process answers
   * @throws SendenseException what it answered
   */
  private String ask(String request) throws IOException {
    ByteBuffer in = ByteBuffer.allocate(InstantServerPlace.MAX_LINE_BYTES);
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(place.socket()))) {
      ByteBuffer out = ByteBuffer.wrap((request + "\n").getBytes(StandardCharsets.UTF_8));
      while (out.hasRemaining()) {
        channel.write(out);
      }
      awaitAnswer(channel, in);
    }
    String answer = new String(in.array(), 0, in.position(), StandardCharsets.UTF_8).strip();
    if (answer.equals("ok") || answer.startsWith("ok ")) {
      return answer.substring(2).strip();
    }
    String[] words = answer.split(" ", 3);
    if (words.length < 3 || !words[0].equals("error")) {
      throw new IOException("it ended before it answered");
    }
    String[] said = words[2].split("\t", 2);
    throw new SendenseException(
        ErrorCode.valueOf(words[1]), said[0], said.length > 1 ? said[1] : "");
  }

  private static void awaitAnswer(SocketChannel channel, ByteBuffer in) throws IOException {
    long end = System.nanoTime() + ANSWER.toNanos();
    channel.configureBlocking(false);
    try (Selector readable = Selector.open()) {
      channel.register(readable, SelectionKey.OP_READ);
      while (in.hasRemaining()) {
        if (System.nanoTime() - end >= 0) {
          throw new SendenseException(
              ErrorCode.DEADLINE_EXCEEDED,
              "the process that serves instant recoveries did not answer within "
                  + ANSWER.toSeconds()
                  + " s",
              "See with `instant list` whether it runs; end it, and `instant resume` starts another.");
        }
        readable.select(200);
        readable.selectedKeys().clear();
        if (channel.read(in) < 0) {
          return;
        }
      }
    }
  }

  /** Starts the process in a session of its own, so that it outlives this one and its terminal. */
  private void launch() {
    List<String> command = new ArrayList<>(List.of("setsid"));
    command.addAll(java());
    command.addAll(
        List.of(
            MAIN,
            "instant",
            "serve",
            "--until-idle",
            "--repository",
            repository,
            "--state",
            common.stateFolder(surroundings.environment()).toAbsolutePath().toString()));
    Path keyFile = common.key.file;
    if (keyFile != null) {
      command.addAll(List.of("--key-file", keyFile.toAbsolutePath().toString()));
    }
    String token = common.key.token;
    if (token != null) {
      command.addAll(List.of("--pkcs11", token));
    }
    try {
      Files.createDirectories(
          place.folder(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectInput(new File("/dev/null"))
              .redirectErrorStream(true)
              .redirectOutput(place.log().toFile());
      builder.environment().putAll(surroundings.environment());
      awaitStart(builder.start());
    } catch (IOException e) {
      throw new SendenseException(
          ErrorCode.MISSING_TOOL,
          "the process that serves instant recoveries cannot be started: " + e.getMessage(),
          "Install setsid (Debian: util-linux), and see that the state folder can be written.",
          e);
    }
  }

  /** It writes its one line when it takes requests. */
  private void awaitStart(Process process) throws IOException {
    long end = System.nanoTime() + START.toNanos();
    try {
      while (System.nanoTime() - end < 0) {
        if (Files.readString(place.log()).contains("serving instant recoveries of ")) {
          return;
        }
        if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
          // Where two were started at once the other one serves; the caller asks again.
          if (Files.readString(place.log()).contains(ErrorCode.CONFLICT.id())) {
            return;
          }
          throw new SendenseException(
              ErrorCode.INTERNAL,
              "the process that serves instant recoveries ended: "
                  + Files.readString(place.log()).strip(),
              "Its log is " + place.log() + ".");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SendenseException(
          ErrorCode.CANCELLED, "the command was interrupted", "Run it again.", e);
    }
    throw new SendenseException(
        ErrorCode.DEADLINE_EXCEEDED,
        "the process that serves instant recoveries did not begin within "
            + START.toSeconds()
            + " s",
        "Its log is " + place.log() + ".");
  }

  /** The words that this process was started with, up to its main class: with the same bounds. */
  private static List<String> java() {
    try {
      String[] words =
          new String(Files.readAllBytes(Path.of("/proc/self/cmdline")), StandardCharsets.UTF_8)
              .split("\0", -1);
      int main = Arrays.asList(words).indexOf(MAIN);
      if (main > 0) {
        return Arrays.asList(words).subList(0, main);
      }
    } catch (IOException e) {
      // Then by what the JVM tells of itself.
    }
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-Xmx288m",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-cp",
        System.getProperty("java.class.path"));
  }
}
