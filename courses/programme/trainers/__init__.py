"""Who trains at which event, when somebody who trains leaves."""
