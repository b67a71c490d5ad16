package io.sendense.cloud.web;

import java.util.List;

/** A request with one or more findings; answered with 400 and all of them. */
public final class InvalidRequest extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem.Finding> findings;

  InvalidRequest(List<Problem.Finding> findings) {
    super("the request has " + findings.size() + " finding(s)");
    this.findings = List.copyOf(findings);
  }

  public List<Problem.Finding> findings() {
    return findings;
  }
}
