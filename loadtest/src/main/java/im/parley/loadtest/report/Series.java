package im.parley.loadtest.report;

import java.util.List;

/**
 * One line of a plot.
 *
 * @param xs as many as {@code ys}; a y that is not a number leaves a gap
 */
public record Series(String name, List<Double> xs, List<Double> ys) {}
