package io.tailrace.kit.topic;

import io.tailrace.contracts.topic.TopicSpec;
import io.tailrace.kit.kafka.TopicPlan;
import io.tailrace.kit.kafka.TopicProvisioner;
import java.io.PrintWriter;
import java.util.List;

/**
 * Shows how the topics differ from the files of namespaces and queues and what the platform declares, and makes them so if it is told to.
 * Everything or nothing: if one topic cannot become what is declared, none is touched.
 *
 * @param provisioner for the cluster
 * @param declared the topics that are
 * @param out what is to be done, a line each
 * @param err why something was not done
 */
record TopicsCommand(TopicProvisioner provisioner, List<TopicSpec> declared, PrintWriter out, PrintWriter err) {
    private static final int OK = 0;
    private static final int REFUSED = 1;

    /**
     * Runs it.
     *
     * @param apply whether to do it
     * @param loseRecords whether to do, too, what could delete records
     * @return 0: done, nothing to do, or only shown; 1: refused, or Kafka does not answer
     */
    int run(boolean apply, boolean loseRecords) {
        try {
            TopicPlan plan = provisioner.plan(declared);
            plan.steps().forEach(step -> out.println(step.text()));
            if (!plan.refusals().isEmpty()) {
                return refused("a topic cannot become what is declared");
            }
            if (plan.steps().isEmpty()) {
                out.println(declared.size() + " topics are as declared");
                return OK;
            }
            if (!apply) {
                out.println(plan.steps().size() + " to do; --apply does it");
                return OK;
            }
            if (!plan.losses().isEmpty() && !loseRecords) {
                return refused("records may be deleted; --apply --lose-records does it all the same");
            }
            var unused = provisioner.provision(declared, loseRecords);
            out.println(plan.steps().size() + " done");
            return OK;
        } catch (IllegalStateException e) {
            err.println("topics: " + e.getMessage());
            return REFUSED;
        }
    }

    private int refused(String reason) {
        err.println("topics: " + reason + "; nothing was changed");
        return REFUSED;
    }
}
