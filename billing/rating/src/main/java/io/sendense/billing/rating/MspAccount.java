package io.sendense.billing.rating;

import io.sendense.domain.MspId;
import java.time.LocalDate;
import java.time.ZoneId;

/**
 * What is agreed with an MSP.
 *
 * @param zone in which the days of its base price are counted
 * @param from first day as an MSP
 */
public record MspAccount(MspId id, ZoneId zone, LocalDate from) {}
