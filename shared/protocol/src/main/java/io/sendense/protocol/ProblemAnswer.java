package io.sendense.protocol;

/**
 * Why the cloud refused, in the form of RFC 9457 with the product's error code.
 *
 * @param status the HTTP status
 * @param code an error code's id, for example {@code SD-7002}
 * @param title short and stable
 * @param detail what was wrong, for the appliance's log
 * @param remedy what to do; may be empty
 */
public record ProblemAnswer(int status, String code, String title, String detail, String remedy)
    implements Message {
  public ProblemAnswer {
    Bounds.within(status, 400, 599, "status");
    Bounds.text(code, Bounds.IDENTIFIER, "code");
    Bounds.text(title, Bounds.NAME, "title");
    Bounds.text(detail, Bounds.SENTENCE, "detail");
    if (Bounds.required(remedy, "remedy").length() > Bounds.SENTENCE) {
      throw new IllegalArgumentException("the field \"remedy\" is too long");
    }
  }
}
