package io.sendense.cloud.work;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Background work as the operator sets it.
 *
 * @param threads of this replica
 * @param poll how often due work is looked for
 * @param heartbeat how often a replica says that it is at work; after four of them without a word
 *     its work is another's
 * @param stop for how long a stopping replica waits for the work that it has
 */
@ConfigurationProperties("sendense.work")
record WorkSettings(
    @DefaultValue("4") int threads,
    @DefaultValue("1s") Duration poll,
    @DefaultValue("10s") Duration heartbeat,
    @DefaultValue("15s") Duration stop) {}
