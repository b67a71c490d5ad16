package io.sendense.protocol;

/** Paths, headers and media types of the control link; the cloud and the appliance share them. */
public final class LinkPaths {
  /** GET, no certificate: the CA certificates, PKCS#7 certs-only in base64 (RFC 7030, 4.1). */
  public static final String CA_CERTS = "/.well-known/est/cacerts";

  /** POST, one-time token as HTTP Basic password: PKCS#10 in, PKCS#7 out (RFC 7030, 4.2). */
  public static final String ENROL = "/.well-known/est/simpleenroll";

  /** POST with the client certificate: PKCS#10 in, PKCS#7 out (RFC 7030, 4.2.2). */
  public static final String RENEW = "/.well-known/est/simplereenroll";

  /** POST, no certificate: a PKCS#10 inside a CMS message signed with the expired key. */
  public static final String RENEW_EXPIRED = "/link/v1/renew-expired";

  /** GET with If-None-Match: the desired state, held while unchanged. */
  public static final String DESIRED_STATE = "/link/v1/desired-state";

  /** POST: a reported state; 204. */
  public static final String REPORTED_STATE = "/link/v1/reported-state";

  /** POST: a lease request, answered by a lease answer. */
  public static final String LEASE = "/link/v1/lease";

  /** POST: a usage batch, answered by a usage answer. */
  public static final String USAGE = "/link/v1/usage";

  /** Request header: a random id of the running appliance process, 36 characters. */
  public static final String SESSION_HEADER = "Sendense-Session";

  /** Request header of a long poll: seconds to hold; the server may hold for less. */
  public static final String HOLD_HEADER = "Sendense-Hold";

  public static final String PKCS10 = "application/pkcs10";
  public static final String PKCS7_CERTS_ONLY = "application/pkcs7-mime; smime-type=certs-only";
  public static final String PKCS7_SIGNED = "application/pkcs7-mime; smime-type=signed-data";
  public static final String JSON = "application/json";
  public static final String PROBLEM_JSON = "application/problem+json";

  /** Prefix of the URI in a client certificate's subject alternative name. */
  public static final String APPLIANCE_URI = "urn:sendense:appliance:";

  /** No body of the link is longer, either way. */
  public static final int MAX_BODY_BYTES = 4 * 1024 * 1024;

  private LinkPaths() {}
}
