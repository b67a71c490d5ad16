package io.sendense.licensing.grant;

/** Why a licence or lease is not genuine here. */
public enum Refusal {
  /** Not the documented form: size, JSON, members, base64, payload. */
  MALFORMED,
  /** Signed, it says, by another algorithm than PS512. */
  WRONG_ALGORITHM,
  /** The key it names is not in the trust set. */
  UNKNOWN_KEY,
  /** The signature does not belong to these bytes and that key. */
  FORGED,
  /** A lease where a licence belongs, or the other way round. */
  WRONG_TYPE,
  /** A version of the format that this program does not know. */
  UNKNOWN_VERSION,
  /** Made for another appliance. */
  WRONG_AUDIENCE,
  /** A lease of another licence. */
  OTHER_LICENCE,
  /** Bound to other hardware: fewer than needed of its components were found. */
  OTHER_HARDWARE
}
