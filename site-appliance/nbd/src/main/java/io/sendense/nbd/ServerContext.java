package io.sendense.nbd;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;

/** What every connection of a server shares. */
record ServerContext(
    NbdServerOptions options,
    Map<String, ExportSource> exports,
    ServerTls tls,
    Executor readers,
    ReplyMemory memory) {

  Optional<ExportSource> find(String name) {
    return Optional.ofNullable(exports.get(name));
  }
}
