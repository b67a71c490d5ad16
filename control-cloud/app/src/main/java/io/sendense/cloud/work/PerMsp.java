package io.sendense.cloud.work;

import io.sendense.domain.MspId;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Work done for every MSP once per period, spread over the replicas. It gets no scope; it opens one
 * for the MSP that it is given. One MSP's failure is repeated as {@link OneTime} says and holds up
 * no other.
 *
 * @param name unique over the control plane and its versions
 */
public record PerMsp(String name, Duration period, Consumer<MspId> work) {}
