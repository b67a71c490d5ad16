package io.sendense.cloud.identity;

import io.sendense.cloud.web.ProblemAnswers;
import io.sendense.domain.SendenseException;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.server.PathContainer;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusReactiveJwtDecoder;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.context.NoOpServerSecurityContextRepository;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.reactive.result.method.annotation.ArgumentResolverConfigurer;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Sign-in and access. Every request under {@code /api/} needs an operation of the contract and one
 * of its roles; the portal's files are open; everything else does not exist. There is no session,
 * so there is nothing for a forged cross-site request to ride on.
 */
@Configuration(proxyBeanMethods = false)
class SecurityConfig implements WebFluxConfigurer {
  @Override
  public void configureArgumentResolvers(ArgumentResolverConfigurer configurer) {
    configurer.addCustomResolver(new CallerArgument());
  }

  @Bean
  ApiOperations apiOperations() {
    return ApiOperations.read();
  }

  @Bean
  ReactiveJwtDecoder jwtDecoder(OidcSettings oidc, InstantSource clock) {
    String issuer = oidc.issuer().toString();
    // The key set's address follows from the issuer, so a start does not wait for the realm.
    NimbusReactiveJwtDecoder decoder =
        NimbusReactiveJwtDecoder.withJwkSetUri(issuer + "/protocol/openid-connect/certs")
            .jwsAlgorithm(SignatureAlgorithm.RS256)
            .build();
    JwtTimestampValidator time =
        new JwtTimestampValidator(Duration.ofSeconds(oidc.clockSkewSeconds()));
    time.setClock(
        new Clock() {
          @Override
          public java.time.ZoneId getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(java.time.ZoneId zone) {
            return this;
          }

          @Override
          public java.time.Instant instant() {
            return clock.instant();
          }
        });
    OAuth2TokenValidator<Jwt> audience =
        new JwtClaimValidator<List<String>>(
            "aud", named -> named != null && named.contains(oidc.audience()));
    decoder.setJwtValidator(
        new DelegatingOAuth2TokenValidator<>(time, new JwtIssuerValidator(issuer), audience));
    return decoder;
  }

  @Bean
  SecurityWebFilterChain security(
      ServerHttpSecurity http, ApiOperations operations, ProblemAnswers problems) {
    return http.csrf(ServerHttpSecurity.CsrfSpec::disable)
        .httpBasic(ServerHttpSecurity.HttpBasicSpec::disable)
        .formLogin(ServerHttpSecurity.FormLoginSpec::disable)
        .logout(ServerHttpSecurity.LogoutSpec::disable)
        .requestCache(ServerHttpSecurity.RequestCacheSpec::disable)
        .headers(ServerHttpSecurity.HeaderSpec::disable)
        .securityContextRepository(NoOpServerSecurityContextRepository.getInstance())
        .authorizeExchange(
            exchanges ->
                exchanges
                    .pathMatchers("/api/**")
                    .access(
                        (authentication, context) ->
                            decide(operations, authentication, context.getExchange()))
                    .anyExchange()
                    .permitAll())
        .oauth2ResourceServer(
            server ->
                server
                    .authenticationEntryPoint(problems::unauthenticated)
                    .accessDeniedHandler(problems::denied)
                    .jwt(jwt -> jwt.jwtAuthenticationConverter(SecurityConfig::authentication)))
        .exceptionHandling(
            handling ->
                handling
                    .authenticationEntryPoint(problems::unauthenticated)
                    .accessDeniedHandler(problems::denied))
        .build();
  }

  private static Mono<AbstractAuthenticationToken> authentication(Jwt jwt) {
    return Mono.fromCallable(
        () ->
            new CallerToken(
                TokenScope.caller(
                    jwt.getClaims(), Objects.requireNonNull(jwt.getExpiresAt(), "exp"))));
  }

  private static Mono<AuthorizationResult> decide(
      ApiOperations operations, Mono<Authentication> authentication, ServerWebExchange exchange) {
    PathContainer path = exchange.getRequest().getPath().pathWithinApplication();
    String method = exchange.getRequest().getMethod().name();
    return operations
        .find(method, path)
        .map(
            operation ->
                operation.open()
                    ? granted(true)
                    : authentication
                        .map(
                            token ->
                                token instanceof CallerToken known
                                    && operation.allows(known.caller().roles()))
                        .defaultIfEmpty(false)
                        .flatMap(SecurityConfig::granted))
        // What the contract does not know gives 404 further on, to anybody who is signed in.
        .orElseGet(
            () ->
                authentication
                    .map(token -> token instanceof CallerToken)
                    .defaultIfEmpty(false)
                    .flatMap(
                        known ->
                            known ? Mono.error(noSuchPath(method, path.value())) : granted(false)));
  }

  private static SendenseException noSuchPath(String method, String path) {
    return new SendenseException(
        io.sendense.domain.ErrorCode.NOT_FOUND,
        "there is no " + method + " " + path,
        "See openapi.yaml for what there is.");
  }

  private static Mono<AuthorizationResult> granted(boolean yes) {
    return Mono.just(new AuthorizationDecision(yes));
  }
}
