package io.sendense.cloud;

import io.sendense.cloud.db.StartFailure;
import java.time.InstantSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;

/**
 * The control plane's main program. All of its configuration is properties or environment variables
 * that docs/guides/control-plane.md lists.
 */
@SpringBootApplication(proxyBeanMethods = false)
@ConfigurationPropertiesScan
public class ControlPlane {
  public static void main(String[] args) {
    try {
      SpringApplication.run(ControlPlane.class, args);
    } catch (RuntimeException e) {
      StartFailure.of(e)
          .ifPresentOrElse(
              failure -> {
                System.err.println(failure.text());
                System.exit(failure.exitCode());
              },
              () -> {
                throw e;
              });
    }
  }

  @Bean
  InstantSource clock() {
    return InstantSource.system();
  }
}
