package io.sendense.testkit.azure;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The blobs and earlier versions of a container. Thread-safe. */
public final class SimulatedContainer {
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");

  private final InstantSource clock;
  private final TreeMap<String, SimulatedBlob> current = new TreeMap<>();
  private final Map<String, SimulatedBlob> earlier = new HashMap<>();
  private boolean forgetsPolicies;
  private long versions;

  SimulatedContainer(InstantSource clock) {
    this.clock = clock;
  }

  Instant now() {
    return clock.instant();
  }

  /** A service that takes a policy with a put, says nothing, and does not keep it. */
  public synchronized void forgetPolicies() {
    forgetsPolicies = true;
  }

  public synchronized int earlierVersions() {
    return earlier.size();
  }

  /** Whether the blob's policy is one that nobody can lift. */
  public synchronized boolean isLocked(String name) {
    return current(name).locked;
  }

  /** What takes the service hours. */
  public synchronized void comeBack(String name) {
    current(name).comeBack();
  }

  private SimulatedBlob current(String name) {
    return Optional.ofNullable(current.get(name)).orElseThrow();
  }

  synchronized SimulatedAnswer blob(SimulatedRequest request) {
    String comp = request.query().getOrDefault("comp", "");
    return switch (request.method() + " " + comp) {
      case "PUT " -> put(request);
      case "GET ", "HEAD " -> get(request);
      case "DELETE " -> delete(request);
      case "PUT immutabilityPolicies" -> policy(request);
      case "PUT legalhold" -> {
        SimulatedBlob blob = find(request);
        blob.held = request.header("x-ms-legal-hold").filter("true"::equals).isPresent();
        yield SimulatedAnswer.of(200, Map.of("x-ms-legal-hold", String.valueOf(blob.held)));
      }
      case "PUT tier" -> {
        SimulatedBlob blob = find(request);
        blob.moveTo(request.header("x-ms-access-tier").orElseThrow());
        yield SimulatedAnswer.of(blob.comingBackTo.isPresent() ? 202 : 200, Map.of());
      }
      default -> throw new AzureSimulator.Refusal(501, "NotImplemented");
    };
  }

  synchronized byte[] list(String prefix, String marker, int most) {
    StringBuilder xml =
        new StringBuilder(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>"
                + "<EnumerationResults ServiceEndpoint=\"http://x/\" ContainerName=\"backups\">"
                + "<Blobs>");
    String next = "";
    int count = 0;
    for (Map.Entry<String, SimulatedBlob> entry :
        current.tailMap(marker.isEmpty() ? prefix : marker, true).entrySet()) {
      if (!entry.getKey().startsWith(prefix)) {
        break;
      }
      if (count++ == most) {
        next = entry.getKey();
        break;
      }
      SimulatedBlob blob = entry.getValue();
      xml.append("<Blob><Name>").append(entry.getKey()).append("</Name><Properties>");
      xml.append("<Last-Modified>").append(SimulatedBlob.rfc1123(blob.modified));
      xml.append("</Last-Modified><Etag>0x1</Etag><Content-Length>");
      xml.append(blob.content.length).append("</Content-Length>");
      xml.append("<BlobType>BlockBlob</BlobType></Properties></Blob>");
    }
    xml.append("</Blobs><NextMarker>").append(next).append("</NextMarker></EnumerationResults>");
    return xml.toString().getBytes(StandardCharsets.UTF_8);
  }

  private SimulatedAnswer put(SimulatedRequest request) {
    SimulatedBlob old = current.get(request.blob());
    if (old != null) {
      if (request.header("If-None-Match").filter("*"::equals).isPresent()) {
        throw new AzureSimulator.Refusal(409, "BlobAlreadyExists");
      }
      earlier.put(request.blob() + "?" + old.version, old);
    }
    String sum = SimulatedBlob.md5(request.body());
    if (!request.header("Content-MD5").orElse(sum).equals(sum)) {
      throw new AzureSimulator.Refusal(400, "Md5Mismatch");
    }
    SimulatedBlob blob = new SimulatedBlob(request.body(), now(), versions++);
    if (request.header("x-ms-immutability-policy-until-date").isPresent() && !forgetsPolicies) {
      applyPolicy(request, blob);
    }
    current.put(request.blob(), blob);
    return SimulatedAnswer.of(201, blob.headers());
  }

  private SimulatedAnswer get(SimulatedRequest request) {
    SimulatedBlob blob = find(request);
    Map<String, String> headers = blob.headers();
    int length = blob.content.length;
    if (request.method().equals("HEAD")) {
      headers.put("Content-Length", String.valueOf(length));
      return SimulatedAnswer.of(200, headers);
    }
    if (blob.tier.equals("Archive")) {
      throw new AzureSimulator.Refusal(409, "BlobArchived");
    }
    Matcher range =
        RANGE.matcher(
            request.header("x-ms-range").or(() -> request.header("Range")).orElse("bytes=0-"));
    if (!range.matches() || Long.parseLong(range.group(1)) >= length) {
      throw new AzureSimulator.Refusal(416, "InvalidRange");
    }
    int from = Integer.parseInt(range.group(1));
    int to =
        range.group(2).isEmpty()
            ? length
            : (int) Math.min(length, Long.parseLong(range.group(2)) + 1);
    headers.remove("Content-MD5");
    headers.put("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + length);
    return new SimulatedAnswer(206, headers, Arrays.copyOfRange(blob.content, from, to));
  }

  /** Without a version the blob becomes an earlier version, whatever protects it. */
  private SimulatedAnswer delete(SimulatedRequest request) {
    String version = request.query().getOrDefault("versionid", "");
    SimulatedBlob blob = find(request);
    if (!version.isEmpty()) {
      blob.checkMutable(now());
      earlier.remove(request.blob() + "?" + version);
    } else if (!request
        .header("If-Match")
        .orElse(blob.etag())
        .replace("\"", "")
        .equals(bare(blob))) {
      throw new AzureSimulator.Refusal(412, "ConditionNotMet");
    } else {
      current.remove(request.blob());
      earlier.put(request.blob() + "?" + blob.version, blob);
    }
    return SimulatedAnswer.of(202, Map.of());
  }

  /** Entity tags are compared without quotes: the SDK takes them off. */
  private static String bare(SimulatedBlob blob) {
    return blob.etag().replace("\"", "");
  }

  private SimulatedAnswer policy(SimulatedRequest request) {
    SimulatedBlob blob = find(request);
    applyPolicy(request, blob);
    return SimulatedAnswer.of(200, blob.headers());
  }

  private void applyPolicy(SimulatedRequest request, SimulatedBlob blob) {
    blob.setPolicy(
        SimulatedBlob.parse(request.header("x-ms-immutability-policy-until-date").orElseThrow()),
        request.header("x-ms-immutability-policy-mode").orElse("").equalsIgnoreCase("locked"),
        now());
  }

  private SimulatedBlob find(SimulatedRequest request) {
    String version = request.query().getOrDefault("versionid", "");
    SimulatedBlob blob =
        version.isEmpty()
            ? current.get(request.blob())
            : earlier.get(request.blob() + "?" + version);
    if (blob == null) {
      throw new AzureSimulator.Refusal(404, "BlobNotFound");
    }
    return blob;
  }
}
