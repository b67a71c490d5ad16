package io.sendense.lab.cloudstack;

import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Uploads by a signed POST: the parameters come from the API, the file goes to the secondary
 * storage's own address as one part of a form, with the signature in headers, as the vendor's own
 * interface and its integration tests send it.
 */
final class Uploads {
  private static final int MAX_HEADER = 8192;

  private final Cloud cloud;
  private final Path folder;
  private final String address;

  /**
   * @param address to which {@code /upload/ID} is added
   */
  Uploads(Cloud cloud, Path folder, String address) {
    this.cloud = cloud;
    this.folder = folder;
    this.address = address;
  }

  Map<String, Object> forVolume(Call call) {
    Row owner = cloud.owner(call);
    cloud.requireRoom(owner, "volume", cloud.volumes, 1);
    Row volume =
        Cloud.row(call.require("name"))
            .with("type", "DATADISK")
            .with("state", "NotUploaded")
            .with("zoneid", call.require("zoneid"))
            .with("size", 0L);
    Cloud.own(volume, owner);
    return parameters(call, cloud.volumes.add(volume));
  }

  Map<String, Object> forTemplate(Call call) {
    cloud.osTypes.require(call.command(), "ostypeid", call.require("ostypeid"));
    call.require("displaytext");
    Row template =
        Cloud.row(call.require("name"))
            .with("isready", false)
            .with("status", "")
            .with("format", call.require("format"))
            .with("hypervisor", call.require("hypervisor"))
            .with("zoneid", call.require("zoneid"))
            .with("size", 0L);
    Cloud.own(template, cloud.owner(call));
    return parameters(call, cloud.templates.add(template));
  }

  private Map<String, Object> parameters(Call call, Row row) {
    String signature = UUID.randomUUID().toString();
    row.with("_signature", signature).with("_checksum", call.get("checksum"));
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("id", row.id());
    parameters.put("postURL", address + "/upload/" + row.id());
    parameters.put("metadata", "metadata-of-" + row.id());
    parameters.put("expires", "2099-01-01T00:00:00.000Z");
    parameters.put("signature", signature);
    return Commands.object("getuploadparams", parameters);
  }

  Path file(Row row) {
    return folder.resolve(row.id());
  }

  void forget(Row row) {
    try {
      Files.deleteIfExists(file(row));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void handle(HttpExchange exchange) throws IOException {
    int status;
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      status = receive(exchange, path.substring(path.lastIndexOf('/') + 1));
      exchange.sendResponseHeaders(status, -1);
    }
  }

  private int receive(HttpExchange exchange, String id) throws IOException {
    Row row;
    synchronized (cloud) {
      row = cloud.volumes.find(id).or(() -> cloud.templates.find(id)).orElse(null);
    }
    if (row == null) {
      return 404;
    }
    if (!row.text("_signature").equals(exchange.getRequestHeaders().getFirst("X-signature"))
        || exchange.getRequestHeaders().getFirst("X-metadata") == null
        || exchange.getRequestHeaders().getFirst("X-expires") == null) {
      return 401;
    }
    if (Files.exists(file(row))) {
      return 409;
    }
    String digest = store(exchange, file(row));
    synchronized (cloud) {
      finish(row, digest);
    }
    return 200;
  }

  private void finish(Row row, String digest) {
    boolean template = row.has("isready");
    String wanted = row.text("_checksum");
    if (!wanted.isEmpty() && !wanted.equalsIgnoreCase("{SHA-256}" + digest)) {
      row.with(template ? "status" : "state", template ? "Checksum mismatch" : "UploadError");
      return;
    }
    row.with("size", Volumes.virtualSize(file(row)));
    if (template) {
      row.with("isready", true).with("status", "Download Complete");
    } else {
      row.with("state", "Uploaded");
    }
  }

  /** Writes the file of a form with one part; its length follows from that of the whole. */
  private static String store(HttpExchange exchange, Path to) throws IOException {
    String length = exchange.getRequestHeaders().getFirst("Content-Length");
    String type = String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type"));
    if (length == null || !type.startsWith("multipart/form-data; boundary=")) {
      throw new IOException("an upload is a form of known length");
    }
    String boundary = type.substring(type.indexOf('=') + 1);
    long end = ("\r\n--" + boundary + "--\r\n").length();
    try (InputStream in = exchange.getRequestBody();
        OutputStream out = Files.newOutputStream(to)) {
      long head = header(in);
      long left = Long.parseLong(length) - head - end;
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[1 << 16];
      while (left > 0) {
        int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (read < 0) {
          throw new IOException("the upload ended early");
        }
        out.write(buffer, 0, read);
        digest.update(buffer, 0, read);
        left -= read;
      }
      in.readAllBytes();
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int header(InputStream in) throws IOException {
    ByteArrayOutputStream seen = new ByteArrayOutputStream();
    while (!seen.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0 || seen.size() > MAX_HEADER) {
        throw new IOException("the form's part has no header");
      }
      seen.write(next);
    }
    return seen.size();
  }
}
