import json
import sys

import pandas as pd
from sklearn.linear_model import LinearRegression
from sklearn.metrics import mean_squared_error
from sklearn.model_selection import train_test_split

data = pd.read_csv(sys.argv[1])
x_train, x_test, y_train, y_test = train_test_split(
    data.drop(columns=["售价"]), data["售价"], test_size=0.2, random_state=42
)
model = LinearRegression().fit(x_train, y_train)
predicted = model.predict(x_test)
print(json.dumps({"prediction": predicted[0], "error": mean_squared_error(y_test, predicted)}))
