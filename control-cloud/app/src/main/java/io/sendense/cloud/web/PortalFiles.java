package io.sendense.cloud.web;

import io.sendense.cloud.identity.OidcSettings;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.WebFilter;

/**
 * The portal's built files. A path without a file of its own gives the start page, which then finds
 * its way by the path. Every answer of this listener carries the security headers.
 */
@Configuration(proxyBeanMethods = false)
class PortalFiles {
  @Bean
  @Order(-1)
  RouterFunction<ServerResponse> portal(PortalSettings settings) {
    if (settings.folder().isEmpty()) {
      return RouterFunctions.route(
          RequestPredicates.path("/no-portal-is-configured"),
          request -> ServerResponse.notFound().build());
    }
    Path dir = settings.folder().get().toAbsolutePath();
    Resource start = new FileSystemResource(dir.resolve("index.html"));
    return RouterFunctions.route(
            RequestPredicates.GET("/assets/**"),
            request ->
                RouterFunctions.resourceLookupFunction(
                        "/assets/**", new FileSystemResource(dir.resolve("assets") + "/"))
                    .apply(request)
                    .flatMap(
                        file ->
                            ServerResponse.ok()
                                // Asset names hold a hash of the content.
                                .cacheControl(CacheControl.maxAge(Duration.ofDays(365)).immutable())
                                .bodyValue(file))
                    .switchIfEmpty(ServerResponse.notFound().build()))
        .andRoute(
            RequestPredicates.GET("/**")
                .and(request -> !request.path().startsWith("/api/"))
                .and(request -> !request.path().startsWith("/actuator/")),
            request ->
                RouterFunctions.resourceLookupFunction("/**", new FileSystemResource(dir + "/"))
                    .apply(request)
                    .flatMap(file -> ServerResponse.ok().bodyValue(file))
                    .switchIfEmpty(
                        ServerResponse.ok()
                            .contentType(MediaType.TEXT_HTML)
                            .cacheControl(CacheControl.noCache())
                            .bodyValue(start)));
  }

  @Bean
  WebFilter securityHeaders(OidcSettings oidc) {
    String realmOrigin = origin(oidc);
    String policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self'"
            + " data:; font-src 'self'; connect-src 'self' "
            + realmOrigin
            + "; frame-src 'self' "
            + realmOrigin
            + "; manifest-src 'self'; base-uri 'none'; form-action 'self' "
            + realmOrigin
            + "; frame-ancestors 'self'";
    return (exchange, chain) -> {
      HttpHeaders headers = exchange.getResponse().getHeaders();
      headers.set("Content-Security-Policy", policy);
      headers.set("X-Content-Type-Options", "nosniff");
      headers.set("Referrer-Policy", "no-referrer");
      headers.set("Cross-Origin-Opener-Policy", "same-origin");
      headers.set("Permissions-Policy", "camera=(), microphone=(), geolocation=()");
      if (exchange.getRequest().getPath().value().startsWith("/api/")) {
        headers.set(HttpHeaders.CACHE_CONTROL, "no-store");
      }
      return chain.filter(exchange);
    };
  }

  private static String origin(OidcSettings oidc) {
    return oidc.issuer().getScheme() + "://" + oidc.issuer().getRawAuthority();
  }
}
