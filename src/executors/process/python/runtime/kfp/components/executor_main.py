"""The older name of kfp.dsl.executor_main."""
from kfp.dsl.executor_main import executor_main

if __name__ == "__main__":
    executor_main()
