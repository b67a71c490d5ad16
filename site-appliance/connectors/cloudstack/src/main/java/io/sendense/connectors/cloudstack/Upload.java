package io.sendense.connectors.cloudstack;

import io.sendense.connectors.cloudstack.Transport.Lost;
import io.sendense.connectors.cloudstack.Transport.Reply;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** One file by a signed POST to secondary storage (API reference, getUploadParamsForVolume). */
final class Upload {
  private final CloudStackClient client;

  Upload(CloudStackClient client) {
    this.client = client;
  }

  /**
   * @return id of the volume or template that was made
   */
  String send(String command, Map<String, String> parameters, Path image) {
    Answer answer = client.call(command, parameters);
    Answer upload = answer.object("getuploadparams").orElse(answer);
    URI to = URI.create(upload.required("postURL"));
    requireSafe(to);
    // Of a text that no image holds by chance.
    String boundary =
        "sendense-"
            + UUID.nameUUIDFromBytes(upload.required("id").getBytes(StandardCharsets.UTF_8));
    String head =
        "--"
            + boundary
            + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"image.qcow2\"\r\n"
            + "Content-Type: application/octet-stream\r\n\r\n";
    String end = "\r\n--" + boundary + "--\r\n";
    try {
      HttpRequest request =
          HttpRequest.newBuilder(to)
              .header("X-signature", upload.required("signature"))
              .header("X-metadata", upload.required("metadata"))
              .header("X-expires", upload.required("expires"))
              .header("Content-Type", "multipart/form-data; boundary=" + boundary)
              .POST(
                  BodyPublishers.concat(
                      BodyPublishers.ofString(head),
                      BodyPublishers.ofFile(image),
                      BodyPublishers.ofString(end)))
              .build();
      Reply reply = client.transport().send(request, client.options().jobDeadline());
      if (reply.status() != 200) {
        throw failed(to, "answered " + reply.status());
      }
      return upload.required("id");
    } catch (Lost e) {
      throw failed(to, String.valueOf(e.getMessage()));
    } catch (FileNotFoundException e) {
      throw new IllegalStateException("an image that was just written", e);
    }
  }

  /** The address comes from the server: data goes out in the clear only where the API does so. */
  private void requireSafe(URI to) {
    boolean clear = String.valueOf(to.getScheme()).equals("http");
    if (clear && client.url().getScheme().equals("https")) {
      throw failed(to, "is not encrypted; enable HTTPS on the secondary storage VM");
    }
  }

  private static SendenseException failed(URI to, String why) {
    return new SendenseException(
        ErrorCode.SOURCE_PROTOCOL,
        "the upload to " + to.getHost() + " failed: it " + why,
        "See that the secondary storage VM runs and is reached from here, with a certificate that"
            + " is trusted.");
  }

  void awaitVolume(String id, String name) {
    await(
        name,
        () ->
            client.first(
                "listVolumes", Map.of("id", id, "listall", "true", "projectid", "-1"), "volume"),
        volume -> volume.text("state").equals("Uploaded"),
        volume -> volume.text("state").contains("Error") ? volume.text("state") : "");
  }

  void awaitTemplate(String id, String name) {
    await(
        name,
        () ->
            client.first(
                "listTemplates",
                Map.of("id", id, "templatefilter", "self", "listall", "true", "projectid", "-1"),
                "template"),
        template -> template.isTrue("isready"),
        template -> {
          String status = template.text("status");
          return status.contains("mismatch") || status.contains("rror") ? status : "";
        });
  }

  private interface Look {
    boolean is(Answer at);
  }

  private interface Complaint {
    String of(Answer at);
  }

  private void await(String name, Supplier<Optional<Answer>> ask, Look done, Complaint complaint) {
    Backoff backoff = new Backoff(client.options().jobDeadline());
    while (true) {
      Optional<Answer> now = ask.get();
      if (now.filter(done::is).isPresent()) {
        return;
      }
      String wrong = now.map(complaint::of).orElse("");
      if (!wrong.isEmpty()) {
        throw new SendenseException(
            ErrorCode.SOURCE_PROTOCOL,
            "CloudStack did not take the upload " + name + ": " + wrong,
            "Try again; the log of the secondary storage VM says more.");
      }
      if (!backoff.pause("the upload " + name)) {
        throw new SendenseException(
            ErrorCode.DEADLINE_EXCEEDED,
            "CloudStack did not finish the upload " + name,
            "Look at the secondary storage VM.");
      }
    }
  }

  static String sha256(Path image) {
    try (InputStream in = Files.newInputStream(image)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[1 << 18];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    } catch (IOException e) {
      throw new SendenseException(
          ErrorCode.SOURCE_UNREADABLE,
          "the image " + image + " cannot be read: " + e.getMessage(),
          "Look at the disk it lies on.",
          e);
    }
  }
}
