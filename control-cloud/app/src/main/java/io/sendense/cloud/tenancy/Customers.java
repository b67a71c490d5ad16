package io.sendense.cloud.tenancy;

import static io.sendense.cloud.db.tenancy.Tables.CUSTOMER;
import static io.sendense.cloud.db.tenancy.Tables.SITE;

import io.sendense.domain.CustomerId;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.MspId;
import io.sendense.domain.SendenseException;
import io.sendense.domain.SiteId;
import java.time.ZoneId;
import java.util.Objects;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.TableField;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * Finds customers and sites named in requests. What the scope does not cover is not found, exactly
 * as what does not exist.
 */
public final class Customers {
  private Customers() {}

  /**
   * The customer of a path.
   *
   * @throws SendenseException BAD_ARGUMENT or NOT_FOUND
   */
  public static CustomerRef require(DSLContext dsl, String customerId) {
    return require(dsl, CustomerId.parse(customerId));
  }

  /**
   * The customer with this identity.
   *
   * @throws SendenseException NOT_FOUND
   */
  public static CustomerRef require(DSLContext dsl, CustomerId id) {
    return dsl.selectFrom(CUSTOMER)
        .where(CUSTOMER.CUSTOMER_ID.eq(id.value()))
        .fetchOptional(
            row ->
                new CustomerRef(
                    new MspId(row.getMspId()), id, row.getName(), ZoneId.of(row.getTimeZone())))
        .orElseThrow(() -> notFound("customer", id));
  }

  /**
   * The rows of a list that is narrowed to one customer by query parameter, if it is.
   *
   * @param owner the column that names the customer
   * @throws SendenseException BAD_ARGUMENT or NOT_FOUND
   */
  public static Condition narrowed(DSLContext dsl, @Nullable String customerId, Field<UUID> owner) {
    return customerId == null
        ? DSL.noCondition()
        : owner.eq(require(dsl, customerId).customer().value());
  }

  /**
   * The site of a path.
   *
   * @throws SendenseException BAD_ARGUMENT or NOT_FOUND
   */
  public static SiteRef requireSite(DSLContext dsl, String customerId, String siteId) {
    CustomerRef customer = require(dsl, customerId);
    SiteId site = SiteId.parse(siteId);
    return dsl.selectFrom(SITE)
        .where(SITE.MSP_ID.eq(customer.msp().value()))
        .and(SITE.CUSTOMER_ID.eq(customer.customer().value()))
        .and(SITE.SITE_ID.eq(site.value()))
        .fetchOptional(row -> new SiteRef(customer, site, row.getName()))
        .orElseThrow(() -> notFound("site", site));
  }

  /** The answer for an object that is not there or not in the caller's scope. */
  public static SendenseException notFound(String kind, Object id) {
    return new SendenseException(
        ErrorCode.NOT_FOUND,
        "there is no " + kind + " " + id + " in your scope",
        "Check the identifier; list what there is.");
  }

  /**
   * Refuses a name that something has already, in whatever case.
   *
   * @param among the rows with which a name may not be shared
   * @param what has it, up to the name: {@code there is a customer}
   * @throws SendenseException ALREADY_EXISTS
   */
  public static void refuseTaken(
      DSLContext dsl, TableField<?, String> column, Condition among, String name, String what) {
    Condition same = DSL.lower(column).eq(DSL.lower(DSL.val(name)));
    if (dsl.fetchExists(Objects.requireNonNull(column.getTable()), among.and(same))) {
      throw new SendenseException(
          ErrorCode.ALREADY_EXISTS, what + " " + name, "Choose another name.");
    }
  }
}
