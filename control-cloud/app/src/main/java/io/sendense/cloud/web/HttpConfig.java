package io.sendense.cloud.web;

import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What a connection to the portal and API may cost. */
@Configuration(proxyBeanMethods = false)
class HttpConfig {
  /** Eight times the limit of {@code spring.http.codecs.max-in-memory-size}. */
  private static final long MOST_OF_A_BODY = 8 << 20;

  @Bean
  NettyServerCustomizer connectionBounds(HttpSettings settings) {
    return server ->
        server
            .requestTimeout(settings.requestTimeout())
            .idleTimeout(settings.idleTimeout())
            .doOnChannelInit(
                (observer, channel, address) -> BodyBound.install(channel, MOST_OF_A_BODY));
  }
}
