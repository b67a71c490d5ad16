package io.sendense.cloud.db;

import io.sendense.domain.SendenseException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Keeps Spring Boot from logging the stack trace of a failure that we explain ourselves. Named in
 * {@code META-INF/spring.factories}.
 */
final class StartFailureAnalyzer extends AbstractFailureAnalyzer<SendenseException> {
  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, SendenseException cause) {
    return new FailureAnalysis(cause.getMessage(), cause.remedy(), cause);
  }
}
