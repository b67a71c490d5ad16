package io.sendense.licensing.grant;

import io.sendense.domain.ApplianceId;
import io.sendense.domain.CustomerId;
import io.sendense.domain.Edition;
import io.sendense.domain.LicenceId;
import io.sendense.domain.MspId;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A licence as a payload and back. */
final class LicenceClaims {
  private LicenceClaims() {}

  static Map<String, Object> write(Licence licence) {
    Map<String, Object> limits = new LinkedHashMap<>();
    licence.limits().vms().ifPresent(vms -> limits.put("vms", vms));
    licence.limits().storageBytes().ifPresent(bytes -> limits.put("storageBytes", bytes));
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("jti", licence.id().toString());
    claims.put("msp", licence.msp().toString());
    claims.put("customer", licence.customer().toString());
    licence.appliance().ifPresent(id -> claims.put("appliance", id.toString()));
    claims.put("edition", licence.edition().name().toLowerCase(Locale.ROOT));
    claims.put("features", licence.features().stream().map(Feature::wireName).sorted().toList());
    claims.put("limits", limits);
    claims.put("iat", licence.issuedAt().getEpochSecond());
    claims.put("nbf", licence.validFrom().getEpochSecond());
    claims.put("exp", licence.validTo().getEpochSecond());
    claims.put("graceSeconds", licence.grace().toSeconds());
    claims.put("restrictedSeconds", licence.restricted().toSeconds());
    claims.put("offlineSeconds", licence.offline().toSeconds());
    claims.put("hardware", licence.hardware().hashByKind());
    claims.put("transfers", licence.transfersLeft());
    return claims;
  }

  static Licence read(Claims claims) {
    Claims limits = claims.object("limits");
    Limits limit = new Limits(vmLimit(limits), limits.optionalNumber("storageBytes"));
    limits.nothingElse();
    Claims hardware = claims.object("hardware");
    Map<String, String> components = new TreeMap<>();
    hardware.names().forEach(kind -> components.put(kind, hardware.text(kind)));
    Licence licence =
        new Licence(
            new LicenceId(claims.uuid("jti")),
            new MspId(claims.uuid("msp")),
            new CustomerId(claims.uuid("customer")),
            claims.optionalUuid("appliance").map(ApplianceId::new),
            edition(claims.text("edition")),
            claims.texts("features").stream()
                .map(Feature::byWireName)
                .flatMap(Optional::stream)
                .collect(Collectors.toUnmodifiableSet()),
            limit,
            claims.instant("iat"),
            claims.instant("nbf"),
            claims.instant("exp"),
            claims.seconds("graceSeconds"),
            claims.seconds("restrictedSeconds"),
            claims.seconds("offlineSeconds"),
            new HardwareBinding(components),
            Math.toIntExact(claims.number("transfers")));
    claims.nothingElse();
    return licence;
  }

  private static OptionalInt vmLimit(Claims limits) {
    OptionalLong vms = limits.optionalNumber("vms");
    return vms.isPresent() ? OptionalInt.of(Math.toIntExact(vms.getAsLong())) : OptionalInt.empty();
  }

  private static Edition edition(String name) {
    for (Edition edition : Edition.values()) {
      if (edition.name().toLowerCase(Locale.ROOT).equals(name)) {
        return edition;
      }
    }
    throw new IllegalArgumentException("unknown edition " + name);
  }
}
