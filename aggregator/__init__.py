"""The core of Marquee: the domain, its storage and its public faces. It knows no provider and no planner."""
